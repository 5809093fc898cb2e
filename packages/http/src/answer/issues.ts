/** Few and short, so that an error stays below a kilobyte. */
const mostIssues = 4
const longestPath = 50
const longestMessage = 100

export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** What is wrong with what was sent, for the person who sent it. */
export function shownIssues(issues: readonly Issue[]): { path: string; message: string }[] {
  return issues.slice(0, mostIssues).map(({ path, message }) => ({
    path: short(path.map(String).join('.'), longestPath),
    message: short(message, longestMessage),
  }))
}

export function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
