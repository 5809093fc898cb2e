export {
  createGroupBuilder,
  type EnqueuedGroup,
  type GroupBuilder,
  type Member,
  type MemberOptions,
} from './builder.js'
export {
  createGroups,
  type GroupScope,
  type Groups,
  type WaitForGroupOptions,
  type WatchGroupOptions,
} from './groups.js'
export type { GroupView } from './view.js'
