// What the API says by a fixed word, apart from the schemas: whoever needs only the words need not load those.

/** Most rows that one page of a list holds, and how many it holds unless told otherwise. */
export const PAGE_LIMIT = 200;

/** Below this path is the API. */
export const API_PREFIX = '/api';

export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const;

/** From the least to the most serious. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export const EVENT_TYPES = ['flow_run', 'task_run', 'log'] as const;

export const SESSION_KINDS = ['regular', 'special', 'muhurat'] as const;
