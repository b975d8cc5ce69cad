import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Empty, ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { testCustomersQuery, useCreateCustomer } from '@/lib/testCustomers';

/** What to do in a playground without messages. Without any test customer, a button creates the first one. */
export function EmptyChat({ isChosen, onCreated }: { isChosen: boolean; onCreated: (userId: string) => void }) {
  const { canEdit, canSendMessages } = useSession();
  const customers = useQuery(testCustomersQuery());
  const create = useCreateCustomer();
  const title = isChosen ? texts.chat.empty : canSendMessages ? texts.chat.emptyNoCustomer : texts.chat.chooseCustomer;
  return (
    <>
      <Empty title={title} hint={hintOf(isChosen, canEdit, canSendMessages)}>
        {!isChosen && canEdit && customers.data?.length === 0 && (
          <Button
            variant="contained"
            loading={create.isPending}
            onClick={() =>
              create.mutate({ first_name: texts.chat.you, last_name: texts.chat.youTest }, { onSuccess: onCreated })
            }
          >
            {texts.chat.writeAsYou}
          </Button>
        )}
      </Empty>
      {create.error && <ErrorNotice error={create.error} onClose={create.reset} />}
    </>
  );
}

function hintOf(isChosen: boolean, canEdit: boolean, canSendMessages: boolean): string {
  if (!canSendMessages) return texts.chat.emptyNoCustomerHintViewer;
  if (isChosen) return texts.chat.emptyHint;
  return canEdit ? texts.chat.emptyNoCustomerHint : texts.chat.emptyNoCustomerHintAgent;
}
