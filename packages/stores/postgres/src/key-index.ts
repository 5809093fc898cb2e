/**
 * What keeps a key unique for its processor and tenant. As digests: together these texts may be longer than an entry of an
 * index. A text is made bytes without a look at settings, or no index could be made of it; `chr(92)` is the backslash.
 */
export const keyIndexed = (row: string) => [
  digest(`${row}key`),
  `${row}processor`,
  digest(`coalesce(${row}tenant, chr(1))`),
]

export const digest = (text: string) =>
  `sha256(decode(replace(${text}, chr(92), repeat(chr(92), 2)), 'escape'))`
