import { EventsPage } from './events-page.js'
import { SIGN_INS } from './views.js'

/** Who came in, and who did not (PRODUCT 3.3). */
export function SignInsPage() {
  return <EventsPage view={SIGN_INS} />
}
