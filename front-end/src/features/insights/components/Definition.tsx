import { IconButton } from '@mui/material';
import { Tooltip } from '@/components/Tooltip';
import { WhyIcon } from '@/components/icons';
import { insightsTexts } from '@/config/texts/insights';

/** A button that shows how a figure is defined. */
export function Definition({ name, text }: { name: string; text: string }) {
  return (
    <Tooltip title={text} showOnClick>
      <IconButton
        size="small"
        aria-label={insightsTexts.definitionOf({ name, text })}
        sx={{ p: 0.25, color: 'text.secondary' }}
      >
        <WhyIcon fontSize="inherit" />
      </IconButton>
    </Tooltip>
  );
}
