import type { Body } from '../../api/client.js'
import type { Saml } from '../../api/schema.js'
import type { SAML } from './use-saml.js'

export const ATTRIBUTES = ['email', 'externalId', 'identifier', 'groups', 'roles'] as const

/** The settings of sign-in as their form holds them: texts, empty where nothing is set. */
export interface Draft {
  readonly allowIdpInitiated: boolean
  readonly rolesFromAssertion: boolean
  readonly attributes: Readonly<Record<(typeof ATTRIBUTES)[number], string>>
  /** One a line. */
  readonly audiences: string
  readonly requiredContext: string
  /** A day in UTC, `2027-01-31`. */
  readonly sha1Until: string
  readonly sessionHours: number
}

export function draftOf(saml: Saml): Draft {
  const { allowIdpInitiated, rolesFromAssertion, attributes, audiences, requiredContext, sha1Until, sessionHours } =
    saml
  const named = Object.fromEntries(ATTRIBUTES.map((name) => [name, attributes[name] ?? '']))
  return {
    ...{ allowIdpInitiated, rolesFromAssertion, sessionHours },
    attributes: named as Draft['attributes'],
    audiences: audiences.join('\n'),
    requiredContext: requiredContext ?? '',
    sha1Until: sha1Until?.slice(0, 10) ?? '',
  }
}

export function bodyOf(draft: Draft): Body<`PUT ${typeof SAML}`> {
  const { allowIdpInitiated, rolesFromAssertion, sessionHours, requiredContext, sha1Until } = draft
  const named = Object.entries(draft.attributes).filter(([, name]) => name.trim() !== '')
  return {
    ...{ allowIdpInitiated, rolesFromAssertion, sessionHours },
    attributes: Object.fromEntries(named.map(([key, name]) => [key, name.trim()])),
    audiences: draft.audiences.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
    requiredContext: requiredContext.trim() === '' ? null : requiredContext.trim(),
    sha1Until: sha1Until === '' ? null : `${sha1Until}T00:00:00.000Z`,
  }
}
