/** What was read of people and is not so any more once one of them was changed. */
export const STALE = [
  'GET /accounts/{accountId}/users/{userId}',
  'GET /accounts/{accountId}/users',
  'GET /accounts/{accountId}/events',
  'GET /accounts/{accountId}/products',
  'GET /accounts/{accountId}/products/{productId}/waiting',
] as const
