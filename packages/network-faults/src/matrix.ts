/** What is wrong with the network. */
export const faultNames = ['cut', 'delay', 'black hole', 'half-open'] as const

/** What the worker is about when it begins. */
export const phaseNames = ['idle', 'claiming', 'committing', 'listening'] as const

export const holdNames = ['shorter', 'longer'] as const

export type FaultName = (typeof faultNames)[number]
export type PhaseName = (typeof phaseNames)[number]
/** How long it lasts, compared with a lease. */
export type HoldName = (typeof holdNames)[number]

export interface Case {
  readonly fault: FaultName
  readonly phase: PhaseName
  readonly hold: HoldName
}

/** Every fault in every phase, for a time that a lease outlives and for one that it does not. */
export const matrix: readonly Case[] = phaseNames.flatMap(phase =>
  faultNames.flatMap(fault => holdNames.map(hold => ({ fault, phase, hold }))),
)

export const leaseMs = 1_500

export const holdMs: Readonly<Record<HoldName, number>> = { shorter: 600, longer: 3_200 }

/** How soon after healing the worker must have done a job that came after it. */
export const resumeWithinMs = 5_000
