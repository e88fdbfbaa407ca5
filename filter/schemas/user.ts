import type { ResourceSchema, Schema } from '../attribute.js'
import { COMMON_ATTRIBUTES } from './common.js'
import { attribute, complex, plural, readOnly, text } from './define.js'
import { ENTERPRISE_USER } from './enterprise-user.js'

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User'

/**
 * The core User (RFC 7643 §4.1, §8.7.1). Without `password`: we accept it and drop it, and a schema that listed it
 * would promise more. `addresses.primary` is listed although §8.7.1 forgets it (§2.4 gives it to every plural attribute).
 */
const USER: Schema = {
  id: USER_URN,
  name: 'User',
  description: 'User Account',
  attributes: [
    text('userName', 'The name by which the directory knows the person.', { required: true, uniqueness: 'server' }),
    complex('name', 'The parts of the name of the person.', [
      text('formatted', 'The whole name, ready to show.'),
      text('familyName', 'Family name.'),
      text('givenName', 'Given name.'),
      text('middleName', 'Middle names.'),
      text('honorificPrefix', 'Title before the name, such as Dr.'),
      text('honorificSuffix', 'Suffix after the name, such as III.'),
    ]),
    text('displayName', 'The name to show.'),
    text('nickName', 'How the person is called casually.'),
    attribute('profileUrl', 'reference', 'A page about the person.', { referenceTypes: ['external'] }),
    text('title', 'Job title.'),
    text('userType', 'How the person relates to the organisation, such as Employee or Contractor.'),
    text('preferredLanguage', 'Preferred written or spoken language, as in Accept-Language.'),
    text('locale', 'Where the person lives, for formats of dates, numbers and money, as a language tag.'),
    text('timezone', 'Time zone, as in the IANA database.'),
    attribute('active', 'boolean', 'Whether the person may use the service.'),
    plural('emails', 'E-mail addresses.', { types: ['work', 'home', 'other'] }),
    plural('phoneNumbers', 'Telephone numbers.', { types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'] }),
    plural('ims', 'Instant messaging addresses.', {
      types: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    plural('photos', 'Pictures of the person.', {
      value: attribute('value', 'reference', 'Where the picture is.', { referenceTypes: ['external'] }),
      types: ['photo', 'thumbnail'],
    }),
    plural('addresses', 'Postal addresses.', {
      value: 'none',
      types: ['work', 'home', 'other'],
      parts: [
        text('formatted', 'The whole address, ready to show.'),
        text('streetAddress', 'Street, house number and what else stands before the town.'),
        text('locality', 'Town.'),
        text('region', 'State or region.'),
        text('postalCode', 'Postal code.'),
        text('country', 'Country, as an ISO 3166-1 alpha-2 code.'),
      ],
    }),
    complex(
      'groups',
      'The groups the person is in; changed through the groups.',
      [
        text('value', 'The id of the group.', { ...readOnly, caseExact: true }),
        attribute('$ref', 'reference', 'The URI of the group.', { ...readOnly, referenceTypes: ['Group'] }),
        text('display', 'The name of the group.', readOnly),
        text('type', 'How the person is in the group.', { ...readOnly, canonicalValues: ['direct', 'indirect'] }),
      ],
      { ...readOnly, multiValued: true },
    ),
    plural('entitlements', 'What the person is entitled to.'),
    plural('roles', 'The roles of the person.'),
    plural('x509Certificates', 'Certificates of the person.', {
      value: attribute('value', 'binary', 'A certificate, DER in base64.'),
    }),
  ],
}

/** Everything a User may hold: common attributes, the core schema, the enterprise extension. */
export const USER_SCHEMA: ResourceSchema = { common: COMMON_ATTRIBUTES, core: USER, extensions: [ENTERPRISE_USER] }
