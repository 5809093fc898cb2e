/** What a follower hears: a view, the end of them, or that it can't be followed on. */
export type FeedEvent<View> =
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: unknown }

export type Follow<View> = (listener: (event: FeedEvent<View>) => void) => () => void

interface Feed<View> {
  readonly listeners: Set<(event: FeedEvent<View>) => void>
  readonly stop: AbortController
  last: View | undefined
}

/**
 * One watch for all who follow the same thing, however many they are: it begins with the first follower and stops with
 * the last. Who comes later hears the latest view at once.
 */
export function createFeeds<View>(watch: (key: string, signal: AbortSignal) => AsyncIterable<View>) {
  const feeds = new Map<string, Feed<View>>()

  function begin(key: string): Feed<View> {
    const feed: Feed<View> = { listeners: new Set(), stop: new AbortController(), last: undefined }
    feeds.set(key, feed)
    void run(key, feed)
    return feed
  }

  async function run(key: string, feed: Feed<View>): Promise<void> {
    try {
      for await (const view of watch(key, feed.stop.signal)) {
        feed.last = view
        tell(feed, { type: 'view', view })
      }
      over(key, feed, { type: 'end' })
    } catch (error) {
      over(key, feed, { type: 'error', error })
    }
  }

  function over(key: string, feed: Feed<View>, event: FeedEvent<View>): void {
    if (feeds.get(key) === feed) feeds.delete(key)
    tell(feed, event)
  }

  function tell(feed: Feed<View>, event: FeedEvent<View>): void {
    for (const listener of [...feed.listeners]) listener(event)
  }

  return {
    /** How many things are followed. */
    size: () => feeds.size,

    follow(key: string): Follow<View> {
      return listener => {
        const feed = feeds.get(key) ?? begin(key)
        feed.listeners.add(listener)
        if (feed.last !== undefined) listener({ type: 'view', view: feed.last })
        return () => {
          feed.listeners.delete(listener)
          if (feed.listeners.size > 0) return
          if (feeds.get(key) === feed) feeds.delete(key)
          feed.stop.abort()
        }
      }
    },
  }
}
