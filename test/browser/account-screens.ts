import type { TestAccount } from '../harness/app.js'
import type { Scene } from './scene.js'
import type { Screen } from './screens.js'

/** Overview, rules and settings of an account, and what is open everywhere. */
export const ACCOUNT_SCREENS: readonly Screen[] = [
  { name: 'overview', path: () => '/', shown: '[data-sparkline]' },
  {
    name: 'palette',
    path: () => '/products',
    shown: 'tbody td button',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.locator('[role=listbox] [role=option]').first().waitFor()
    },
  },
  { name: 'rules', path: ({ connections }) => `/rules?connection=${connections.entra}`, shown: 'ol li' },
  { name: 'rule-new', path: ({ connections }) => `/rules/${connections.entra}/new`, shown: 'form' },
  {
    name: 'rule',
    path: async ({ account, connections }) => `/rules/${connections.entra}/${await ruleOf(account, connections.entra)}`,
    shown: '[data-preview=summary]',
  },
  { name: 'me', path: () => '/me', shown: 'tbody td' },
  { name: 'webhooks', path: webhooks, shown: 'tbody td a' },
  { name: 'webhook', path: async (scene) => `/webhooks/${await aWebhook(scene)}`, shown: 'code' },
  {
    name: 'webhook-new',
    path: () => '/webhooks',
    act: async (page) => {
      await page.locator('main button').first().click()
      await page.locator('#webhook-url').waitFor()
    },
  },
  { name: 'attributes', path: attributes, shown: 'tbody td button' },
  {
    name: 'attribute-new',
    path: () => '/attributes',
    act: async (page) => {
      await page.locator('main button').first().click()
      await page.locator('#attribute-name').waitFor()
    },
  },
]

/** The rule that asks two things at once. */
async function ruleOf(account: TestAccount, connectionId: string): Promise<string> {
  const { body } = await account.admin('get', `/connections/${connectionId}/rules`)
  return body.items.find(({ condition }: { condition: string | null }) => condition?.includes(' and ')).id
}

/** A webhook, made where there is none; nothing listens at its address. */
async function aWebhook({ account }: Scene): Promise<string> {
  const { body } = await account.admin('get', '/webhooks').expect(200)
  if (body.items.length > 0) return body.items[0].id
  const made = { url: 'https://crm.acme.example/hooks/usher', description: 'CRM', events: ['prov:create', 'access'] }
  return (await account.admin('post', '/webhooks', made).expect(201)).body.id
}

async function webhooks(scene: Scene): Promise<string> {
  await aWebhook(scene)
  return '/webhooks'
}

async function attributes({ account }: Scene): Promise<string> {
  const { body } = await account.admin('get', '/attributes').expect(200)
  const region = { name: 'region', type: 'choice', choices: ['EMEA', 'APAC'], description: 'Where they sell' }
  if (body.items.length === 0) await account.admin('post', '/attributes', region).expect(201)
  return '/attributes'
}
