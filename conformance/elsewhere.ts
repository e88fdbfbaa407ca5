/** Where a check of the list is kept that cannot be tried over HTTP against any server, or not by these means. */
export interface Elsewhere {
  readonly number: number
  readonly source: string
  readonly title: string
  /** The test of ours that shows it, or the reason why there is none. */
  readonly kept: string
}

export const ELSEWHERE: readonly Elsewhere[] = [
  { number: 6, source: 'RFC 7644 §7.1', title: 'TLS 1.2 or newer', kept: 'TLS ends at the proxy in front (DESIGN 6).' },
  {
    number: 7,
    source: 'RFC 7644 §1.3',
    title: 'a base URI with path and version',
    kept: '`test/server/scim/hostile-paths.test.ts`',
  },
  {
    number: 10,
    source: 'RFC 7644 §7.2',
    title: 'no credentials in the URL',
    kept: '`test/server/scim/hostile-tokens.test.ts`',
  },
  { number: 12, source: 'RFC 7644 §3.12', title: 'no redirects', kept: 'No SCIM endpoint answers with a redirect.' },
  {
    number: 16,
    source: 'RFC 7644 §3.12',
    title: 'what is not implemented is 501',
    kept: '`test/server/scim/transport.test.ts`',
  },
  { number: 18, source: 'RFC 7643 §2.1', title: 'attribute names', kept: '`test/filter/parse.test.ts`' },
  { number: 19, source: 'RFC 7643 §2.3', title: 'the types of attributes', kept: '`test/scim/canonical-user.test.ts`' },
  {
    number: 21,
    source: 'RFC 7643 §2.3.4',
    title: 'an integer has no fraction',
    kept: 'Only seats are integers, and they are readOnly: `test/server/scim/entitlements.test.ts`',
  },
  { number: 23, source: 'RFC 7643 §2.3.6', title: 'binary is base64', kept: '`test/scim/canonical-user.test.ts`' },
  { number: 24, source: 'RFC 7643 §2.3.7', title: 'references', kept: '`test/scim/canonical-user.test.ts`' },
  {
    number: 25,
    source: 'RFC 7643 §2.3.8',
    title: 'no complex attribute inside a complex one',
    kept: '`test/scim/discovery.test.ts`',
  },
  { number: 31, source: 'RFC 7643 §2.2', title: 'default characteristics', kept: '`test/scim/discovery.test.ts`' },
  {
    number: 54,
    source: 'RFC 7643 §4.3',
    title: 'manager.value is case exact',
    kept: '`test/filter/evaluate-cases.ts`',
  },
  {
    number: 56,
    source: 'RFC 7643 §4.2',
    title: 'parts of a member are immutable',
    kept: '`test/scim/group-patch.test.ts`',
  },
  {
    number: 69,
    source: 'RFC 7644 §3.3',
    title: 'POST to the base creates nothing',
    kept: '`test/server/scim/base-query.test.ts`',
  },
  { number: 71, source: 'RFC 7644 §3.14', title: 'the version is in the answer', kept: 'Check 164 tries it.' },
  {
    number: 75,
    source: 'RFC 7644 §3.4.2.1',
    title: 'a query at the base',
    kept: 'Optional; ours: `test/server/scim/base-query.test.ts`',
  },
  {
    number: 76,
    source: 'RFC 7644 §3.4.2',
    title: 'too many hits are 400 tooMany',
    kept: 'Every result is paged, so none is too large.',
  },
  {
    number: 99,
    source: 'RFC 7644 §7.5.2',
    title: 'filters without a trace in URLs',
    kept: 'Check 115 tries POST to .search.',
  },
  {
    number: 106,
    source: 'RFC 7644 §3.4.2.3',
    title: 'a server that cannot sort says so',
    kept: 'Checks 103 to 105 ask the ServiceProviderConfig first.',
  },
  {
    number: 113,
    source: 'RFC 7643 §7',
    title: 'attributes that are returned on request',
    kept: '`test/scim/projection.test.ts`',
  },
  {
    number: 148,
    source: 'RFC 7644 §3.6',
    title: 'a soft delete does not show',
    kept: '`test/accounts/restore.test.ts`',
  },
  {
    number: 163,
    source: 'RFC 6585',
    title: '429 carries Retry-After',
    kept: '`test/server/scim/hostile-tokens.test.ts`',
  },
  {
    number: 174,
    source: 'RFC 7643 §5',
    title: 'ServiceProviderConfig tells the truth',
    kept: '`test/scim/discovery.test.ts`',
  },
  {
    number: 179,
    source: 'RFC 7643 §6',
    title: 'a required extension that is missing is 400',
    kept: 'No extension is required.',
  },
  {
    number: 180,
    source: 'RFC 7644 §6',
    title: 'tenants do not see each other',
    kept: '`test/server/isolation/scim.test.ts`',
  },
  {
    number: 181,
    source: 'RFC 7643 §7',
    title: 'a password is not stored',
    kept: '`test/server/scim/redaction.test.ts`',
  },
  { number: 182, source: 'RFC 7644 §7.5', title: 'no secret in the log', kept: '`test/server/scim/redaction.test.ts`' },
]
