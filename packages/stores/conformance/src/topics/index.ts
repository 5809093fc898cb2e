import type { StorePromise } from '../topic.js'
import { afterPromises } from './after.js'
import { cellPromises } from './cells.js'
import { claimPromises } from './claim.js'
import { commitPromises } from './commit.js'
import { countPromises } from './counts.js'
import { crashPromises } from './crashes.js'
import { followUpPromises } from './follow-ups.js'
import { groupPromises, movePromises } from './groups.js'
import { insertPromises } from './insert.js'
import { keyPromises } from './keys.js'
import { lanePromises } from './lanes.js'
import { leasePromises } from './lease.js'
import { lifecyclePromises } from './lifecycle.js'
import { listenPromises } from './listen.js'
import { lostReplyPromises } from './lost-replies.js'
import { modelPromises } from './model.js'
import { orderPromises } from './order.js'
import { pagePromises } from './pages.js'
import { prunePromises } from './prune.js'
import { recordPromises } from './records.js'
import { repeatPromises } from './repeat.js'
import { retryPromises } from './retry.js'
import { schedulePromises } from './schedules.js'
import { sharePromises } from './share.js'
import { stalePromises } from './stale.js'
import { stringPromises } from './strings.js'
import { foreignTransactionPromises, transactionPromises } from './transactions.js'
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
  ...retryPromises,
  ...followUpPromises,
  ...afterPromises,
  ...groupPromises,
  ...movePromises,
  ...recordPromises,
  ...pagePromises,
  ...countPromises,
  ...prunePromises,
  ...cellPromises,
  ...stringPromises,
  ...foreignTransactionPromises,
  ...transactionPromises,
  ...sharePromises,
  ...listenPromises,
  ...lifecyclePromises,
  ...modelPromises,
  ...crashPromises,
  ...schedulePromises,
]
