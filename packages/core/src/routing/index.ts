export { type Flags, mayBegin, type RoutedBecause } from './flags.js'
export { flagsFromEnv } from './from-env.js'
export { createRoute, type FallbackContext, type Routed, type RouteOptions } from './route.js'
export { createSwitchboard, type FlagControl } from './switchboard.js'
