/** The longest that one who relies on hints goes without a claim; what becomes due sooner is worth a hint. */
export const soonMs = 5_000
