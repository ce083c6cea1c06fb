/** Rules that a simulation can break on purpose. @see broken-rules.ts */
export type BrokenRule =
  | 'vote-twice'
  | 'skip-majority'
  | 'promote-stale'
  | 'accept-any-id'
  | 'answer-before-persist'
  | 'forget-fence'
  | 'ack-before-majority'
  | 'ack-unread'
  | 'forget-min-replicas';
