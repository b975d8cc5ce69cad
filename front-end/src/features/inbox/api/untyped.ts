import { type Answer, call } from '@/lib/client';

/** Calls routes that the OpenAPI document does not describe yet. */
export const untyped = call as unknown as <Body>(
  method: string,
  path: string,
  options?: object,
) => Promise<Answer<Body>>;
