/**
 * How long a function may take, in milliseconds, as Vercel states it for Node: with Fluid compute, and without it (`classic`).
 * For `maxDurationMs`, where the deadline is not told.
 */
export const vercelLimitsMs = {
  hobby: 300_000,
  pro: 300_000,
  proLongest: 800_000,
  classicHobby: 10_000,
  classicHobbyLongest: 60_000,
  classicPro: 15_000,
  classicProLongest: 300_000,
} as const
