/** For how many days the server keeps what was sent and answered; a test compares with its own figures. */
export const KEPT_DAYS = { payloads: 30, answers: 7 } as const
