/** The one error of the API client. The server's shape is `schemas/error.json`; what never reached it has no status. */

export interface Problem {
  path: string;
  message: string;
}

export class ApiError extends Error {
  override name = 'ApiError';
  /** HTTP status; 0 where the server did not answer. */
  readonly status: number;
  readonly code: string;
  readonly details: readonly Problem[];
  readonly remediation: string;
  readonly requestId: string | null;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | null;
  /** What was stored all the same: turn_id, conversation_id, ... */
  readonly ids: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    rest: Partial<Pick<ApiError, 'details' | 'remediation' | 'requestId' | 'retryAfter' | 'ids'>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = rest.details ?? [];
    this.remediation = rest.remediation ?? '';
    this.requestId = rest.requestId ?? null;
    this.retryAfter = rest.retryAfter ?? null;
    this.ids = rest.ids ?? {};
  }
}

/** The error in an answer's body; an answer that is not ours (a proxy's page) gets the status alone. */
export function readError(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const wait = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  if (typeof body !== 'object' || body === null || !('error_code' in body)) {
    return new ApiError(status, `HTTP_${status}`, `The server answered ${status}.`, { retryAfter: wait });
  }
  const { error_code, message, details, remediation, request_id, ...ids } = body as Record<string, unknown>;
  return new ApiError(status, String(error_code), String(message ?? ''), {
    details: Array.isArray(details) ? (details as Problem[]) : [],
    remediation: typeof remediation === 'string' ? remediation : '',
    requestId: typeof request_id === 'string' ? request_id : null,
    retryAfter: wait,
    ids,
  });
}

/** Any thrown value as an ApiError; a fetch that failed means that no server answered. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'UNREACHABLE', 'The server does not answer.', {
    remediation: 'Check that it runs and that you are connected.',
  });
}
