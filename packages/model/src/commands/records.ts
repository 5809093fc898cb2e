import fc from 'fast-check'

export type Fields<Value extends object> = { readonly [Name in keyof Value]: fc.Arbitrary<Value[Name]> }

/** An object as a literal makes it, so that it reads like one. */
export function whole<Value extends object>(fields: Fields<Value>): fc.Arbitrary<Value> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<Value>
}

/** Any of the fields may be left out. */
export function partial<Value extends object>(fields: Fields<Value>): fc.Arbitrary<Partial<Value>> {
  return fc.record(fields, { noNullPrototype: true, requiredKeys: [] }) as fc.Arbitrary<Partial<Value>>
}
