import { EventsPage } from './events-page.js'
import { LOG } from './views.js'

/** What directories asked for and what followed (PRODUCT 3.2). */
export function LogPage() {
  return <EventsPage view={LOG} />
}
