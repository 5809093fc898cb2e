/** A text as it comes out of programs, and the part of it that nobody may see. */
export interface Leak {
  readonly what: string
  readonly text: string
  readonly secret: string
}

const leak = (what: string, text: (secret: string) => string, secret: string): Leak => ({
  what,
  text: text(secret),
  secret,
})

/** Put together here, so that no scanner of repositories takes them for real ones. */
const random = 'Zx81kQv7Lm2Pq9Rt4Wb6Nc3Yd5Hf0Jg'
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${random}`
const pem = (kind: string) => (body: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n${body}\n-----END ${kind}PRIVATE KEY-----`

export const leaks: readonly Leak[] = [
  leak('a password in a line', s => `login with password=${s} failed`, 'hunter2'),
  leak(
    'a password in JSON',
    s => `{"user":"ada","password":"${s}","age":36}`,
    'p"w,}x'.replaceAll('"', '\\"'),
  ),
  leak('a password in JSON within JSON', s => JSON.stringify(JSON.stringify({ password: s })), 'hunter two'),
  leak('a password as code prints it', s => `{ user: 'ada', dbPassword: '${s}' }`, 'hunter two'),
  leak('a password in an environment', s => `HOME=/app DB_PASSWORD=${s} TERM=dumb`, 'hunter2'),
  leak('a password of a command', s => `Command failed: mysql --password ${s} --host db`, 'hunter2'),
  leak(
    'a password of a connection string',
    s => `Server=db;User Id=sa;Password=${s};Encrypt=true`,
    'hunter2',
  ),
  leak('a number as a password', s => `{"password": ${s}, "retries": 3}`, '918273645'),
  leak('a passphrase', s => `passphrase: ${s}`, 'correct-horse'),
  leak('a token in a query', s => `GET https://api.example.org/v1/jobs?access_token=${s}&page=2`, random),
  leak('a token in a fragment', s => `redirected to https://app.example.org/#id_token=${s}`, random),
  leak('a refresh token in a form', s => `grant_type=refresh_token&refresh_token=${s}`, random),
  leak('an API key in a header', s => `x-api-key: ${s}`, random),
  leak('an API key in a query', s => `https://maps.example.org/?q=a&apiKey=${s}`, random),
  leak('an API key in prose', s => `The API key: ${s} is not valid`, random),
  leak('a client secret', s => `client_secret => "${s}"`, random),
  leak('a bearer token in a header', s => `authorization: Bearer ${s}`, random),
  leak('a bearer token alone', s => `sent Bearer ${s} to the server`, random),
  leak(
    'basic credentials',
    s => `curl -H 'Authorization: Basic ${s}' https://example.org`,
    'YWRhOmh1bnRlcjI=',
  ),
  leak('a digest', s => `Authorization: Digest username="ada", response="${s}"`, random),
  leak('a cookie', s => `Cookie: theme=dark; session=${s}`, random),
  leak('a cookie that is set', s => `"set-cookie": ["session=${s}; HttpOnly", "a=b"]`, random),
  leak('credentials in a URL', s => `connect ECONNREFUSED postgres://ada:${s}@db:5432/app`, 'p@ss:word'),
  leak('a token in a URL', s => `Cloning https://${s}@git.example.org/a.git`, random),
  leak('credentials in an escaped URL', s => `{"url":"redis:\\/\\/:${s}@cache:6379"}`, random),
  leak('a private key', pem('RSA '), 'MIIEowIBAAKCAQEA7'),
  leak('a private key that was cut off', s => pem('')(s).slice(0, -40), 'MIIEvQIBADANBgkq'),
  leak('a private key in JSON', s => JSON.stringify({ key: pem('EC ')(s) }), 'MHcCAQEEIBkg4LVWM9'),
  leak('a JSON web token', s => `verified ${s} in 3 ms`, jwt),
  leak('an AWS access key', s => `The key ${s} does not exist`, `AKIA${'IOSFODNN7EXAMPLE'}`),
  leak('a GitHub token', s => `bad credentials for ${s}`, `ghp_${random}`),
  leak('a Stripe key', s => `Invalid API Key provided: ${s}`, `sk_live_${random}`),
  leak('a Slack token', s => `xoxb: ${s}`, `xoxb-${random}`),
  leak('a key of a language model', s => `Incorrect key ${s}`, `sk-proj-${random}`),
  leak('a signature of a URL', s => `https://bucket.example.org/a?X-Amz-Signature=${s}&b=1`, random),
  leak('a one-time password', s => `otp: ${s}`, '493817'),
]
