import { describeGrowth } from '../accounts/growth.js'
import { forEachDatabase } from '../harness/database.js'

forEachDatabase((database) => describeGrowth(database, 100_000))
