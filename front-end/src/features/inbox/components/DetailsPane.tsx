import { Box, Button, IconButton, Link, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { CloseIcon } from '@/components/icons';
import { QueryView } from '@/components/states';
import { SummaryView } from '@/components/SummaryView';
import { Time } from '@/components/Time';
import { TurnPanel } from '@/components/turn/panels';
import { ValueView } from '@/components/ValueView';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { isEmpty } from '@/lib/format';
import { formatMoney } from '@/lib/intl';
import { languageLabel } from '@/lib/languages';
import { userQuery } from '@/lib/queries';
import type { ConversationDetail, Message, User } from '@/lib/types';
import { isClosed } from '../api/handler';
import { ordersQuery } from '../api/inbox';
import { AssigneeField } from './AssigneeField';
import { Nothing } from './Nothing';
import { TagsField } from './TagsField';
import { TakeoverHistory } from './TakeoverHistory';
import type { ConversationActions } from './useConversationActions';

interface Props {
  detail: ConversationDetail;
  messages: readonly Message[];
  /** The turn to explain first; null if the user has chosen none. */
  selected: string | null;
  onSelect: (turnId: string | null) => void;
  onClose: () => void;
  actions: ConversationActions | null;
}

/** Everything known about a conversation besides its messages. */
export function DetailsPane({ detail, messages, selected, onSelect, onClose, actions }: Props) {
  const user = useQuery(userQuery(detail.user_id));
  const orders = useQuery(ordersQuery(detail.user_id));
  const last = messages.findLast((each) => each.sender_type === 'assistant')?.turn_id ?? null;
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The explanation is at the top of the pane, which may have been scrolled.
    if (selected !== null) root.current?.parentElement?.scrollTo({ top: 0 });
  }, [selected]);
  const isEditable = actions !== null && !isClosed(detail);
  return (
    <Box ref={root} sx={{ bgcolor: 'background.paper', minHeight: '100%', pb: 2 }}>
      <Stack direction="row" sx={{ alignItems: 'center', justifyContent: 'space-between', px: 2, minHeight: 56 }}>
        <Typography variant="h2">{texts.inbox.details}</Typography>
        <IconButton edge="end" aria-label={texts.inbox.closeDetails} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </Stack>
      {selected !== null && (
        <Section title={texts.chat.flowTitle}>
          <TurnPanel turnId={selected} templateLink={paths.template} />
          <Button size="small" onClick={() => onSelect(null)}>
            {texts.inbox.hideExplanation}
          </Button>
        </Section>
      )}
      <Section title={texts.inbox.customer}>
        <QueryView query={user}>{(row) => <Customer user={row} detail={detail} />}</QueryView>
      </Section>
      <Section title={texts.inbox.assignee}>
        <AssigneeField detail={detail} actions={isEditable ? actions : null} />
      </Section>
      <Section title={texts.inbox.tags}>
        <TagsField tags={detail.tags} onChange={isEditable ? actions.setTags : null} />
      </Section>
      <Section title={texts.inbox.facts}>
        {isEmpty(detail.collected_data) ? (
          <Nothing>{texts.inbox.noFacts}</Nothing>
        ) : (
          <ValueView value={detail.collected_data} label={texts.inbox.factsValues} />
        )}
      </Section>
      <Section title={texts.inbox.orders}>
        <QueryView query={orders}>
          {(rows) =>
            rows.length ? (
              <Stack component="ul" spacing={1} sx={{ listStyle: 'none', m: 0, p: 0 }}>
                {rows.map((order) => (
                  <Box component="li" key={order.order_id} sx={{ overflowWrap: 'anywhere' }}>
                    <Typography variant="body2" sx={{ fontWeight: 600 }}>
                      <bdi>{order.order_number}</bdi> · <bdi>{order.status}</bdi>
                    </Typography>
                    <Typography variant="caption" color="textSecondary" component="p">
                      <Time iso={order.order_date} />
                      {order.order_total !== null && ` · ${formatMoney(order.order_total, order.currency)}`}
                      {order.tracking_number && (
                        <>
                          {' · '}
                          <bdi>{[order.shipping_carrier, order.tracking_number].filter(Boolean).join(' ')}</bdi>
                        </>
                      )}
                    </Typography>
                  </Box>
                ))}
              </Stack>
            ) : (
              <Nothing>{texts.inbox.noOrders}</Nothing>
            )
          }
        </QueryView>
      </Section>
      <Section title={texts.inbox.summary}>
        <SummaryView summary={detail.conversation_summary} />
      </Section>
      <Section title={texts.inbox.history}>
        <TakeoverHistory conversationId={detail.conversation_id} />
      </Section>
      {selected === null && (
        <Section title={texts.inbox.explanation}>
          {last ? (
            <TurnPanel turnId={last} templateLink={paths.template} />
          ) : (
            <Nothing>{texts.inbox.noExplanation}</Nothing>
          )}
        </Section>
      )}
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{ px: 2, py: 1.5, borderTop: 1, borderColor: 'divider', minWidth: 0 }}
    >
      <Typography id={id} variant="h3" component="h3" sx={{ mb: 0.75 }}>
        {title}
      </Typography>
      {children}
    </Box>
  );
}

function Customer({ user, detail }: { user: User; detail: ConversationDetail }) {
  const language = detail.language ?? user.language;
  const rows: [string, ReactNode][] = [
    [texts.inbox.contact.email, user.email && <Link href={`mailto:${user.email}`}>{user.email}</Link>],
    [texts.inbox.contact.phone, user.phone && <Link href={`tel:${user.phone}`}>{user.phone}</Link>],
    [texts.inbox.contact.language, language && languageLabel(language)],
    [texts.inbox.contact.timezone, user.timezone],
    [texts.inbox.contact.external_id, user.external_id],
    [texts.inbox.contact.channel, detail.channel],
    [texts.inbox.contact.since, <Time key="since" iso={user.created_at} />],
  ];
  return (
    <>
      <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere', mb: 0.5 }}>
        <bdi>{detail.customer_name ?? texts.inbox.unnamedCustomer}</bdi>
      </Typography>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '110px minmax(0, 1fr)', rowGap: 0.25 }}>
        {rows
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <Box key={label} sx={{ display: 'contents' }}>
              <Typography component="dt" variant="body2" color="textSecondary">
                {label}
              </Typography>
              <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}>
                <bdi>{value}</bdi>
              </Typography>
            </Box>
          ))}
      </Box>
    </>
  );
}
