/** Where this tab keeps what was opened by the search; forgotten when somebody signs out. */
export const RECENT_KEY = 'leadline.recent'
