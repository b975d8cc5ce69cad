import { useMutation, useQueryClient } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { call, sendMessage } from '@/lib/client';
import { ApiError, readError } from '@/lib/errors';
import { businessQuery, readAll } from '@/lib/queries';
import type { MessageAnswer, StageCreate, User } from '@/lib/types';

export function useDescribeBusiness(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ description, etag }: { description: string; etag: string | null }) =>
      call('put', '/api/v1/businesses/{business_id}', {
        path: { business_id: businessId },
        body: { business_description: description },
        ifMatch: etag,
      }),
    onSuccess: (answer) => queryClient.setQueryData(businessQuery(businessId).queryKey, answer),
  });
}

export function useFirstStage() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (values: StageCreate) => (await call('post', '/api/v1/stages', { body: values })).body.stage_id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['stages'] }),
  });
}

export interface FirstAnswer {
  userId: string;
  answer: MessageAnswer;
}

/** Sends a message as the test customer, creating that customer if needed. */
export function useFirstMessage() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ message, key }: { message: string; key: string }): Promise<FirstAnswer> => {
      const userId = await testCustomer();
      const events = sendMessage(
        { user_id: userId, message },
        { signal: AbortSignal.timeout(180_000), idempotencyKey: key },
      );
      for await (const { event, data } of events) {
        if (event === 'error') throw readError(500, data);
        if (event === 'turn_finished' || event === 'turn_held')
          return { userId, answer: data as unknown as MessageAnswer };
      }
      throw new ApiError(0, 'UNREACHABLE', '');
    },
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['users'] }),
        queryClient.invalidateQueries({ queryKey: ['conversations'] }),
      ]),
  });
}

async function testCustomer(): Promise<string> {
  const customer = texts.firstRun.testCustomer;
  try {
    return (await call('post', '/api/v1/users', { body: { ...customer, is_test: true } })).body.user_id;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    const users = await readAll<User>((cursor) => call('get', '/api/v1/users', { query: { limit: 200, cursor } }));
    const found = users.find((each) => each.external_id === customer.external_id);
    if (!found) throw error;
    if (!found.is_test)
      await call('put', '/api/v1/users/{user_id}', { path: { user_id: found.user_id }, body: { is_test: true } });
    return found.user_id;
  }
}
