import type { Schema } from '../attribute.js'
import { attribute, complex, readOnly, text } from './define.js'

export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The enterprise extension of the User (RFC 7643 §4.3, §8.7.1). `manager.value` is case-exact by erratum 8472. */
export const ENTERPRISE_USER: Schema = {
  id: ENTERPRISE_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    text('employeeNumber', 'The number the organisation gave the person.'),
    text('costCenter', 'Cost centre.'),
    text('organization', 'Organisation.'),
    text('division', 'Division.'),
    text('department', 'Department.'),
    complex('manager', 'The manager of the person.', [
      text('value', 'The id of the manager.', { caseExact: true }),
      attribute('$ref', 'reference', 'The URI of the manager.', { referenceTypes: ['User'] }),
      text('displayName', 'The name of the manager.', readOnly),
    ]),
  ],
}
