import { forEachDatabase } from '../harness/database.js'
import { describeGrowth } from './growth.js'

/** The same with 100,000 people is in test/long. */
forEachDatabase((database) => describeGrowth(database, 3_000))
