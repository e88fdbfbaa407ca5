import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { tabTo } from './keyboard.js'
import { useScene } from './use-scene.js'

interface StoredRule {
  readonly id: string
  readonly priority: number
  readonly condition: string | null
  readonly effects: { readonly role?: string; readonly products?: readonly { readonly key: string }[] }
  readonly note: string | null
  readonly version: number
}

describe('mapping rules in the console (PRODUCT 2.8, 3.4, 6.4)', function () {
  this.timeout(60_000)
  const { app, scene, open } = useScene()

  const listOf = (connectionId: string) => `/rules?connection=${connectionId}`

  async function rulesOf(connectionId: string): Promise<StoredRule[]> {
    return (await scene.account.admin('get', `/connections/${connectionId}/rules`).expect(200)).body.items
  }

  const ruleNoted = async (connectionId: string, note: string): Promise<StoredRule> => {
    const found = (await rulesOf(connectionId)).find((rule) => rule.note === note)
    assert.ok(found, note)
    return found
  }

  /** Who has a license, by name. */
  async function holdersOf(product: string): Promise<string[]> {
    const { body } = await scene.account.admin('get', '/users?limit=1000').expect(200)
    const users: { displayName: string; licenses: { product: string }[] }[] = body.items
    return users
      .filter(({ licenses }) => licenses.some((license) => license.product === product))
      .map((user) => user.displayName)
  }

  const said = (page: Page) => page.locator('.unseen[role=status]')

  it('says who gains what before a rule is saved, and afterwards they have it', async () => {
    const { entra } = scene.connections
    const page = await open(listOf(entra))
    await page.getByRole('link', { name: /in the group .*Support/ }).click()
    await page.locator('[data-preview=summary]').waitFor()
    const before = await holdersOf('phone')

    await page.getByRole('checkbox', { name: 'Phone' }).check()
    const summary = page.locator('[data-preview=summary]', { hasText: 'Phone' })
    await summary.waitFor()
    const gain = Number(/(\d+) gain/.exec(await summary.innerText())?.[1])
    assert.ok(gain > 0)
    const foretold = await page
      .getByRole('group', { name: 'What would change, person by person' })
      .getByRole('row', { name: /Phone/ })
      .getByRole('rowheader')
      .locator('xpath=./bdi')
      .allInnerTexts()
    assert.equal(foretold.length, gain)
    assert.deepEqual(await holdersOf('phone'), before, 'nothing is written by looking')

    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Applied to \d+ people/).waitFor()
    assert.deepEqual((await holdersOf('phone')).sort(), [...new Set([...before, ...foretold])].sort())
    await page.getByText(/Gets .*Assist.* and .*Phone/).waitFor()
  })

  it('writes the SCIM filter from rows, and shows as text what rows cannot', async () => {
    const { okta } = scene.connections
    const page = await open(`/rules/${okta}/new`)
    await page.getByRole('button', { name: 'Not everyone: add a condition' }).click()
    await page.getByRole('combobox', { name: 'Value' }).fill('Field Sales')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    const second = page.getByRole('group', { name: 'Condition 2' })
    await second.getByRole('combobox', { name: 'Attribute' }).fill('titl')
    await page.getByRole('option', { name: 'Title', exact: true }).click()
    await second.getByRole('combobox', { name: 'Comparison' }).click()
    await page.getByRole('option', { name: 'does not contain' }).click()
    await second.getByRole('textbox', { name: 'Value' }).fill('"Intern"')
    await page.getByText('groups.display eq "Field Sales" and not (title co "\\"Intern\\"")').waitFor()

    await page.getByText('SCIM filter', { exact: true }).click()
    const filter = page.getByRole('textbox', { name: 'Condition as a SCIM filter' })
    await filter.fill('emails[type eq "work"] and (title sw "Head"')
    await page.getByRole('checkbox', { name: 'Assist' }).check()
    await page.getByText('The condition cannot be read').waitFor()
    await page.getByText('Builder', { exact: true }).click()
    await page.getByText('The builder cannot show this condition').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Show the place' }).waitFor()
    assert.equal(await filter.inputValue(), 'emails[type eq "work"] and (title sw "Head"', 'what was typed stays')

    await filter.fill('title sw "Head" or title sw "Chief"')
    await page.getByText('Builder', { exact: true }).click()
    assert.equal(await second.getByRole('textbox', { name: 'Value' }).inputValue(), 'Chief')
    await page.getByRole('textbox', { name: 'Note' }).fill('made by rows')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Applied to \d+ people/).waitFor()
    const stored = await ruleNoted(okta, 'made by rows')
    assert.equal(stored.condition, 'title sw "Head" or title sw "Chief"')
    assert.deepEqual(stored.effects, { products: [{ key: 'assist' }] })
  })

  it('asks for a value and an effect before it saves', async () => {
    const page = await open(`/rules/${scene.connections.okta}/new`)
    const before = await rulesOf(scene.connections.okta)
    await page.getByRole('button', { name: 'Not everyone: add a condition' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Give a value.').waitFor()
    await page.getByText('Choose a role or a product.').waitFor()
    assert.deepEqual(await rulesOf(scene.connections.okta), before)
  })

  it('two administrators edit one rule: the second sees both, field by field, and loses nothing', async () => {
    const { entra } = scene.connections
    const rule = await ruleNoted(entra, 'Events need a stage')
    const page = await open(`/rules/${entra}/${rule.id}`)
    const note = page.getByRole('textbox', { name: 'Note' })
    await note.fill('Mine')
    await scene.account
      .admin('patch', `/connections/${entra}/rules/${rule.id}`, { note: 'Theirs', version: rule.version })
      .expect(200)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else changed this in the meantime').waitFor()
    const row = page.getByRole('row', { name: /^Note/ })
    assert.deepEqual(await row.getByRole('cell').allInnerTexts(), ['Theirs', 'Mine'])
    assert.equal(await note.inputValue(), 'Mine')
    await page.getByRole('button', { name: 'Save mine over it' }).click()
    await page.waitForURL((url) => url.pathname === '/rules')
    assert.equal((await ruleNoted(entra, 'Mine')).condition, rule.condition)
  })

  it('moves rules by keyboard alone, says where they went and keeps the focus (WCAG 2.5.7)', async () => {
    const { entra } = scene.connections
    const before = (await rulesOf(entra)).map(({ id }) => id)
    const page = await open(listOf(entra))
    await page.getByRole('button', { name: 'Move rule 2 up' }).waitFor()
    await tabTo(page, 'Move rule 2 up')
    await page.keyboard.press('Enter')
    await said(page).getByText('Rule 2 moved to position 1 of 5.').waitFor()
    assert.equal(await focused(page), 'Move rule 1 up', 'the focus went along')
    assert.deepEqual(
      (await rulesOf(entra)).map(({ id }) => id),
      [before[1], before[0], ...before.slice(2)],
    )

    await tabTo(page, 'Move rule 1 down')
    await page.keyboard.press('Space')
    await said(page).getByText('Rule 1 moved to position 2 of 5.').waitFor()
    assert.equal(await focused(page), 'Move rule 2 down')

    await tabTo(page, 'More for rule 2')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Move to position …' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Position, 1 to 5' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    await said(page).getByText('Rule 2 moved to position 5 of 5.').waitFor()
    assert.deepEqual(
      (await rulesOf(entra)).map(({ id }) => id),
      [before[0], ...before.slice(2), before[1]],
    )
  })

  it('moves a rule by dragging it, and lets go at Escape', async () => {
    const { okta } = scene.connections
    const before = (await rulesOf(okta)).map(({ id }) => id)
    const page = await open(listOf(okta))
    const [first, second] = [page.locator(`[data-rule="${before[0]}"]`), page.locator(`[data-rule="${before[1]}"]`)]
    await first.waitFor()
    const from = await first.locator('[data-handle]').boundingBox()
    const to = await second.boundingBox()
    assert.ok(from && to)
    const drag = async () => {
      await page.mouse.move(from.x + 8, from.y + 8)
      await page.mouse.down()
      await page.mouse.move(from.x + 8, to.y + to.height - 4, { steps: 5 })
    }
    await drag()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    assert.deepEqual(
      (await rulesOf(okta)).map(({ id }) => id),
      before,
    )
    await drag()
    await page.mouse.up()
    await said(page)
      .getByText(/Rule 1 moved to position 2 of/)
      .waitFor()
    assert.deepEqual(
      (await rulesOf(okta)).map(({ id }) => id),
      [before[1], before[0], ...before.slice(2)],
    )
  })

  it('removes a rule after saying who loses what', async () => {
    const { entra } = scene.connections
    const rule = await ruleNoted(entra, 'Remote help for customers')
    const page = await open(`/rules/${entra}/${rule.id}`)
    await page.getByRole('button', { name: 'Remove the rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/lose .*Assist/).waitFor()
    const remove = dialog.getByRole('button', { name: 'Remove' })
    assert.equal(await remove.isDisabled(), true, 'more than one person is concerned, so its name is asked for')
    await dialog.getByRole('textbox').fill(`Rule ${rule.priority}`)
    await remove.click()
    await page.getByText(/Applied to \d+ people/).waitFor()
    assert.ok(!(await rulesOf(entra)).some(({ id }) => id === rule.id))
  })

  it('offers an admin what he may: rules without a role (PRODUCT 2.6)', async () => {
    const { okta } = scene.connections
    const page = await open(listOf(okta), { as: 'admin' })
    const rules = await rulesOf(okta)
    await page.getByRole('listitem').first().waitFor()
    for (const { id, effects } of rules) {
      const moves = await page.locator(`[data-rule="${id}"] [data-move]`).count()
      assert.equal(moves > 0, effects.role === undefined, JSON.stringify(effects))
    }
    const withRole = rules.find(({ effects }) => effects.role !== undefined)
    assert.ok(withRole)
    await page.goto(`${app.publicUrl}/rules/${okta}/${withRole.id}`)
    await page.getByText('You can read this rule, not change it').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0)
    await page.goto(`${app.publicUrl}/rules/${okta}/new`)
    await page.getByRole('checkbox', { name: 'Meet' }).waitFor()
    assert.equal(await page.getByRole('combobox', { name: 'Role' }).count(), 0)
  })
})

const focused = (page: Page) => page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""')
