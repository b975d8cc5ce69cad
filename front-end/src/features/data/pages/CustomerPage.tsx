import { Box, Button, Chip, Link, Stack, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Link as RouterLink, useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { conversationLabel } from '@/components/conversationLabel';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { ValueView } from '@/components/ValueView';
import { useNotify } from '@/components/notify';
import { Card, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { customerTexts } from '@/config/texts/data';
import { isEmpty } from '@/lib/format';
import { formatMoney } from '@/lib/intl';
import { conversationQuery, userQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { User } from '@/lib/types';
import { displayName } from '@/lib/users';
import { conversationsOfCustomerQuery, exportAddress, useChangeCustomers } from '../api/customers';
import { ordersQuery } from '../api/orders';

const CustomerDialog = loadWhenOpened(async () => (await import('../components/CustomerDialog')).CustomerDialog);
const MergeDialog = loadWhenOpened(async () => (await import('../components/MergeDialog')).MergeDialog);

const backLink = () => ({ to: paths.customers, label: customerTexts.back });
const SHOWN = 10; // orders and conversations

/** One customer: profile, facts, orders and conversations. */
export default function CustomerPage() {
  const userId = useParams()['userId'] ?? '';
  const user = useQuery(userQuery(userId));
  const { canEdit } = useSession();
  const [open, setOpen] = useState<'edit' | 'merge' | 'erase' | null>(null);
  const close = () => setOpen(null);
  return (
    <Page
      title={user.data ? displayName(user.data) : texts.common.loading}
      back={backLink()}
      actions={
        canEdit &&
        user.data && (
          <>
            <Button onClick={() => setOpen('edit')}>{texts.common.edit}</Button>
            <Button component="a" href={exportAddress(userId)} download title={customerTexts.exportHint}>
              {customerTexts.export}
            </Button>
            <Button onClick={() => setOpen('merge')}>{customerTexts.merge}</Button>
            <Button color="error" onClick={() => setOpen('erase')}>
              {customerTexts.erase}
            </Button>
          </>
        )
      }
    >
      <QueryView query={user}>
        {(row) => (
          <>
            <Box
              sx={{
                display: 'grid',
                gap: 2,
                alignItems: 'start',
                gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
              }}
            >
              <Section title={customerTexts.profile}>
                <Profile user={row} />
              </Section>
              <Section title={customerTexts.facts}>
                <Facts user={row} />
              </Section>
              <Section title={customerTexts.orders}>
                <Orders userId={userId} />
              </Section>
              <Section title={customerTexts.conversations}>
                <Conversations userId={userId} />
              </Section>
            </Box>
            {open === 'edit' && <CustomerDialog user={row} onClose={close} />}
            {open === 'merge' && <MergeDialog user={row} onClose={close} />}
            <EraseDialog user={row} isOpen={open === 'erase'} onClose={close} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id}>
      <Typography id={id} variant="h2" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {children}
    </Card>
  );
}

const FIELDS = ['external_id', 'email', 'phone', 'language', 'timezone'] as const;

function Profile({ user }: { user: User }) {
  return (
    <>
      {user.is_test && <Chip size="small" variant="outlined" label={customerTexts.test} sx={{ mb: 1 }} />}
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '110px minmax(0, 1fr)', rowGap: 0.5 }}>
        {FIELDS.filter((name) => user[name]).map((name) => (
          <Box key={name} sx={{ display: 'contents' }}>
            <Typography component="dt" variant="body2" color="textSecondary">
              {customerTexts.fields[name]}
            </Typography>
            <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}>
              <bdi>{user[name]}</bdi>
            </Typography>
          </Box>
        ))}
      </Box>
      <Typography variant="body2" color="textSecondary" sx={{ my: 1 }}>
        <TextWith text={customerTexts.since} values={{ time: <Time iso={user.created_at} full /> }} />
      </Typography>
      <Link component={RouterLink} to={paths.eventsOf(user.user_id)} variant="body2">
        {customerTexts.allEvents}
      </Link>
    </>
  );
}

/** What is known about the customer: from the business's systems, and from the last conversation. */
function Facts({ user }: { user: User }) {
  const conversations = useQuery(conversationsOfCustomerQuery(user.user_id));
  const last = conversations.data?.[0]?.conversation_id;
  const detail = useQuery({ ...conversationQuery(last ?? ''), enabled: last !== undefined });
  const collected = detail.data?.collected_data ?? {};
  if (isEmpty(user.metadata) && isEmpty(collected)) return <Nothing>{customerTexts.noFacts}</Nothing>;
  return (
    <Stack spacing={1.5}>
      {!isEmpty(user.metadata) && (
        <div>
          <Typography variant="body2" color="textSecondary" sx={{ mb: 0.5 }}>
            {customerTexts.factsHint}
          </Typography>
          <ValueView value={user.metadata} label={customerTexts.factsHint} />
        </div>
      )}
      {!isEmpty(collected) && (
        <div>
          <Typography variant="body2" color="textSecondary" sx={{ mb: 0.5 }}>
            {customerTexts.collected}
          </Typography>
          <ValueView value={collected} label={customerTexts.collected} />
        </div>
      )}
    </Stack>
  );
}

function Orders({ userId }: { userId: string }) {
  const orders = useInfiniteQuery(ordersQuery({ user_id: userId }, SHOWN));
  return (
    <QueryView query={orders}>
      {({ pages }) => {
        const rows = pages[0]?.body ?? [];
        if (!rows.length) return <Nothing>{customerTexts.noOrders}</Nothing>;
        return (
          <>
            <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
              {rows.map((order) => (
                <Box component="li" key={order.order_id} sx={{ py: 0.5, overflowWrap: 'anywhere' }}>
                  <Link component={RouterLink} to={paths.order(order.order_id)} variant="body2">
                    <bdi>{order.order_number}</bdi>
                  </Link>
                  <Typography variant="body2" color="textSecondary" component="span">
                    {' · '}
                    <bdi>{order.status}</bdi>
                    {order.order_total !== null && ` · ${formatMoney(order.order_total, order.currency)}`}
                    {' · '}
                    <Time iso={order.order_date} />
                  </Typography>
                </Box>
              ))}
            </Box>
            {orders.hasNextPage && (
              <Link component={RouterLink} to={paths.ordersOf(userId)} variant="body2">
                {customerTexts.allOrders}
              </Link>
            )}
          </>
        );
      }}
    </QueryView>
  );
}

function Conversations({ userId }: { userId: string }) {
  const conversations = useQuery(conversationsOfCustomerQuery(userId));
  return (
    <QueryView query={conversations}>
      {(rows) =>
        rows.length ? (
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
            {rows.map((each) => (
              <Box component="li" key={each.conversation_id} sx={{ py: 0.5, display: 'flex', minWidth: 0 }}>
                <Link component={RouterLink} to={paths.conversation(each.conversation_id)} variant="body2" noWrap>
                  {conversationLabel(each)}
                </Link>
              </Box>
            ))}
          </Box>
        ) : (
          <Nothing>{customerTexts.noConversations}</Nothing>
        )
      }
    </QueryView>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Typography variant="body2" color="textSecondary">
      {children}
    </Typography>
  );
}

function EraseDialog({ user, isOpen, onClose }: { user: User; isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const notify = useNotify();
  const { erase } = useChangeCustomers();
  return (
    <ConfirmDialog
      open={isOpen}
      title={customerTexts.eraseTitle({ name: displayName(user) })}
      confirm={customerTexts.eraseConfirm}
      danger
      busy={erase.isPending}
      error={erase.error}
      onClose={() => {
        onClose();
        erase.reset();
      }}
      onConfirm={() =>
        erase.mutate(user, {
          onSuccess: () => {
            notify(customerTexts.erased);
            void navigate(paths.customers, { replace: true });
          },
        })
      }
    >
      <Typography>{customerTexts.eraseHint}</Typography>
    </ConfirmDialog>
  );
}
