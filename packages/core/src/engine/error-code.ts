import { isLonghaulError } from '../store/index.js'

/** That of an error of longhaul; empty for what others threw. */
export function codeOf(error: unknown): string {
  return isLonghaulError(error) ? error.code : ''
}
