import type { Check } from './check.js'
import { BULK, ERRORS, ME, VERSIONS } from './checks/bulk-versions.js'
import { CREATE, READ } from './checks/create-read.js'
import { DATA_MODEL } from './checks/data-model.js'
import { DISCOVERY, SECURITY } from './checks/discovery.js'
import { FILTER } from './checks/filter.js'
import { GROUP_RESOURCE } from './checks/group.js'
import { GROUP_PATCH, PATCH } from './checks/patch.js'
import { DELETE, PUT } from './checks/replace-delete.js'
import { PROJECTION, SEARCH, SORT } from './checks/sort-projection.js'
import { TRANSPORT } from './checks/transport.js'
import { USER_RESOURCE } from './checks/user.js'

/** Everything that is tried, in the order of the checklist. */
export const CHECKS: readonly Check[] = [
  ...TRANSPORT,
  ...DATA_MODEL,
  ...USER_RESOURCE,
  ...GROUP_RESOURCE,
  ...CREATE,
  ...READ,
  ...FILTER,
  ...SORT,
  ...PROJECTION,
  ...SEARCH,
  ...PUT,
  ...PATCH,
  ...GROUP_PATCH,
  ...DELETE,
  ...BULK,
  ...ME,
  ...ERRORS,
  ...VERSIONS,
  ...DISCOVERY,
  ...SECURITY,
].sort((a, b) => a.number - b.number)
