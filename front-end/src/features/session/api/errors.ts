import { ApiError } from '@/lib/errors';

/** Whether the password is correct, and a code is missing or wrong. */
export function isCodeRequired(error: Error): boolean {
  return error instanceof ApiError && error.code === 'CODE_REQUIRED';
}

/** Replaces the message of a 401 by one that fits the form; returns other errors unchanged. */
export function withMessageFor401(error: Error, message: string): Error {
  if (!(error instanceof ApiError) || error.status !== 401) return error;
  return new ApiError(401, error.code, isCodeRequired(error) ? error.message : message);
}

/** The invitation form has no field for the token, so a problem with the token is shown without its field name. */
export function withoutTokenDetails(error: Error): Error {
  if (!(error instanceof ApiError) || !error.details.some((each) => each.path.endsWith('token'))) return error;
  return new ApiError(error.status, error.code, error.message, { remediation: error.remediation });
}
