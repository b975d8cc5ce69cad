import { Button, Typography } from '@mui/material';
import { CodeText } from '@/components/CodeText';
import { CopyField } from '@/components/CopyField';
import { CopyIcon } from '@/components/icons';
import { Card } from '@/components/states';
import { useCopy } from '@/components/useCopy';
import { channelTexts } from '@/config/texts/channels';
import type { Channel, ChannelKind } from '@/lib/types';

/** What connects a channel with its provider, or the chat widget with a website. */
export function ConnectionCard({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const copy = useCopy();
  const isWidget = kind.name === 'widget';
  if (!isWidget && !kind.capabilities.pushes) return null;
  const snippet = snippetOf(channel);
  return (
    // The code of the widget is a region with this name.
    <Card component="section" {...(isWidget ? {} : { 'aria-label': channelTexts.webhook })}>
      <Typography variant="h2" gutterBottom>
        {isWidget ? channelTexts.snippet : channelTexts.webhook}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1.5 }}>
        {isWidget ? channelTexts.snippetHint : channelTexts.webhookHint}
      </Typography>
      {isWidget ? (
        <>
          <CodeText label={channelTexts.snippet} text={snippet} />
          <Button startIcon={<CopyIcon />} onClick={() => copy(snippet)}>
            {channelTexts.copySnippet}
          </Button>
          <Button component="a" href={`/widget-demo/${channel.channel_id}`} target="_blank" rel="noreferrer">
            {channelTexts.demo}
          </Button>
        </>
      ) : (
        <CopyField label={channelTexts.webhookUrl} value={channel.webhook_url} copyLabel={channelTexts.copyUrl} />
      )}
    </Card>
  );
}

/** The script tag of the chat widget. Color and position are in it, so that nothing is loaded until it is opened. */
function snippetOf(channel: Channel): string {
  const origin = new URL(channel.webhook_url).origin;
  const { color, position } = channel.settings as { color?: string; position?: string };
  const attributes = [
    `src="${origin}/widget.js"`,
    `data-channel="${channel.channel_id}"`,
    ...(color ? [`data-color="${color}"`] : []),
    ...(position ? [`data-position="${position}"`] : []),
  ];
  return `<script ${attributes.join(' ')} async></script>`;
}
