/** What counts before age in the order of claims: nothing, where a claim asks for age alone. */
export const turn = (order: string) => `case when ${order} = 'age' then 0 else rank end`
