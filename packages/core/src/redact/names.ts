/** What makes a name secret wherever it stands in it. A "-" is a place where words join: `apiKey`, `api_key`, `API key`. */
const anywhere = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'authorization',
  'api-key',
  'access-key',
  'account-key',
  'private-key',
  'cookie',
  'credential',
  'session-id',
  'signature',
]
/** What makes it secret only as the whole of it: a `compass` and an `author` are none. */
const whole = ['pass', 'pwd', 'auth', 'jwt', 'sid', 'otp', 'sig']

/** Tells names whose values are secret. */
export interface SecretNames {
  /** Finds them in a text. */
  readonly pattern: RegExp
  has(name: string): boolean
}

export function secretNames(more: readonly string[] = []): SecretNames {
  const alone = [...whole, ...more.map(joints)]
  const exact = new Set(alone.map(plain))
  const parts = anywhere.map(plain)
  return {
    pattern: new RegExp(`${anyOf(anywhere)}|(?<![\\w-])${anyOf(alone)}(?![\\w-])`, 'gi'),
    has(name) {
      const compared = plain(name.slice(0, 200))
      return exact.has(compared) || parts.some(part => compared.includes(part))
    },
  }
}

/** Whether a number under this name says how many tokens, and is no secret: `tokens`, `tokenCount`. */
export function countsTokens(name: string): boolean {
  return /token(?:s(?![a-z])|s?[-_ ]?(?:count|limit|usage|used|budget|total))/i.test(name)
}

/** `accountNumber` as `account-number`. */
function joints(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[^A-Za-z0-9]+/g, '-')
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function anyOf(words: readonly string[]): string {
  return `(?:${words.map(word => word.replaceAll('-', '[-_ ]?')).join('|')})`
}
