import type { StorePromise } from '../topic.js'
import { claimPromises } from './claim.js'
import { commitPromises } from './commit.js'
import { followUpPromises } from './follow-ups.js'
import { insertPromises } from './insert.js'
import { keyPromises } from './keys.js'
import { lanePromises } from './lanes.js'
import { leasePromises } from './lease.js'
import { lostReplyPromises } from './lost-replies.js'
import { orderPromises } from './order.js'
import { recordPromises } from './records.js'
import { repeatPromises } from './repeat.js'
import { stalePromises } from './stale.js'
import { wishPromises } from './wishes.js'

/** Every promise of the store contract. */
export const everyPromise: readonly StorePromise[] = [
  ...insertPromises,
  ...keyPromises,
  ...claimPromises,
  ...orderPromises,
  ...lanePromises,
  ...leasePromises,
  ...stalePromises,
  ...commitPromises,
  ...repeatPromises,
  ...lostReplyPromises,
  ...wishPromises,
  ...followUpPromises,
  ...recordPromises,
]
