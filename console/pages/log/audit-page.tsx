import { EventsPage } from './events-page.js'
import { AUDIT } from './views.js'

/** What administrators changed (PRODUCT 3.3). */
export function AuditPage() {
  return <EventsPage view={AUDIT} />
}
