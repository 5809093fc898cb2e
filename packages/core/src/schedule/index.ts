export type {
  CatchUp,
  Schedule,
  ScheduledJobOptions,
  ScheduleOf,
  SlotContext,
  StoredSchedule,
} from './definition.js'
export type { Schedules } from './manage.js'
export { createScheduling } from './scheduling.js'
export { type NextSlotsOptions, nextSlots } from './slots.js'
export type { ScheduleView } from './view.js'
export type { ByCron, Every, Once, When } from './when.js'
