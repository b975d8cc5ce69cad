/** The error type of the API client. The server's format is described in `schemas/error.json`. */

export interface Problem {
  path: string;
  message: string;
}

export class ApiError extends Error {
  override name = 'ApiError';
  /** HTTP status, or 0 if the server did not respond. */
  readonly status: number;
  readonly code: string;
  readonly details: readonly Problem[];
  readonly remediation: string;
  readonly requestId: string | null;
  /** Seconds to wait before trying again, if the server says so. */
  readonly retryAfter: number | null;
  /** IDs of rows that were stored despite the error: turn_id, conversation_id, ... */
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

/** The error of a response. A body in another format gives its `cause` (the health check) or only the status. */
export function readError(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const wait = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  if (typeof body !== 'object' || body === null || !('error_code' in body)) {
    const cause = typeof body === 'object' && body !== null && 'cause' in body ? body.cause : null;
    const message = typeof cause === 'string' ? cause : `The server responded with status ${status}.`;
    return new ApiError(status, `HTTP_${status}`, message, { retryAfter: wait });
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

/** Converts any thrown value to an ApiError. A failed fetch means that the server did not respond. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'UNREACHABLE', 'The server is not responding.', {
    remediation: 'Check your connection and that the server is running.',
  });
}
