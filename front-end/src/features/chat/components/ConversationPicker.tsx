import { Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { conversationLabel } from '@/components/conversationLabel';
import { AddIcon } from '@/components/icons';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { displayName } from '@/lib/users';
import { userQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { compactTime } from '@/lib/time';
import type { User } from '@/lib/types';
import { conversationsOfQuery, testCustomersQuery } from '@/lib/testCustomers';
import { withTexts } from '@/config/translate';

const NewCustomerDialog = lazy(() => withTexts(import('./NewCustomerDialog')));

interface Props {
  userId: string | null;
  conversationId: string | null;
  onCustomer: (userId: string | null) => void;
  /** Called with null for a new conversation. */
  onConversation: (conversationId: string | null) => void;
}

/** Selects the test customer to write as, and one of their conversations. */
export function ConversationPicker({ userId, conversationId, onCustomer, onConversation }: Props) {
  const [creating, setCreating] = useState(false);
  const { canEdit } = useSession(); // owners may also create customers
  const users = useQuery(testCustomersQuery());
  // A link may name a customer who is not in the list: the list is limited to test customers.
  const singleUser = useQuery({
    ...userQuery(userId ?? ''),
    enabled: userId !== null && users.data !== undefined && !users.data.some((each) => each.user_id === userId),
  });
  const conversations = useQuery({ ...conversationsOfQuery(userId ?? ''), enabled: userId !== null });
  const chosen = users.data?.find((each) => each.user_id === userId) ?? singleUser.data ?? null;
  const options = users.data ?? [];
  const rows = conversations.data ?? [];
  const isListed = conversationId === null || rows.some((each) => each.conversation_id === conversationId);
  return (
    <>
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', alignItems: 'center', columnGap: 1, rowGap: 1.5 }}>
        <SelectField
          sx={{ flex: { xs: '1 1 100%', sm: '1 1 200px' }, maxWidth: { sm: 360 } }}
          label={texts.chat.customer}
          value={chosen?.user_id ?? ''}
          onChange={(event) => onCustomer(event.target.value || null)}
        >
          <option value="">{texts.chat.chooseCustomer}</option>
          {[...options, ...(chosen && !options.includes(chosen) ? [chosen] : [])].map((user) => (
            <option key={user.user_id} value={user.user_id} dir="auto">
              {`${displayName(user)} · ${detailOf(user)}`}
            </option>
          ))}
        </SelectField>
        {canEdit && (
          <Button variant="outlined" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
            {texts.chat.newCustomer}
          </Button>
        )}
        {userId !== null && (
          <SelectField
            sx={{ flex: { xs: '1 1 100%', sm: '1 1 180px' }, maxWidth: { sm: 280 } }}
            label={texts.chat.conversation}
            value={conversationId ?? 'new'}
            onChange={(event) => onConversation(event.target.value === 'new' ? null : event.target.value)}
          >
            <option value="new">{texts.chat.newConversation}</option>
            {!isListed && <option value={conversationId}>{texts.chat.currentConversation}</option>}
            {rows.map((each) => (
              <option key={each.conversation_id} value={each.conversation_id} disabled={each.status === 'completed'}>
                {conversationLabel(each)}
              </option>
            ))}
          </SelectField>
        )}
      </Stack>
      {users.error && (
        <ErrorNotice title={texts.errors.title} error={users.error} onRetry={() => void users.refetch()} />
      )}
      {creating && (
        <Suspense>
          <NewCustomerDialog
            onClose={() => setCreating(false)}
            onCreated={(created) => {
              setCreating(false);
              onCustomer(created);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** Tells customers with the same name apart. */
function detailOf(user: User): string {
  const id = [user.external_id, user.email].find((each) => each && each !== displayName(user));
  return [id, texts.chat.customerSince({ date: compactTime(user.created_at) })].filter(Boolean).join(' · ');
}
