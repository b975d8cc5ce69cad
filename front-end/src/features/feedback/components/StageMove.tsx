import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ExpandIcon } from '@/components/icons';
import { Menu, MenuItem } from '@/components/overlays';
import { feedbackTexts } from '@/config/texts/feedback';
import { firstWords } from '@/lib/format';
import { stagesQuery } from '@/lib/queries';
import type { RatedAnswer, Stage } from '@/lib/types';
import { likelyStages } from './likelyStages';

interface Props {
  answer: RatedAnswer;
  disabled: boolean;
  onMove: (stage: Stage) => void;
}

/** Moves a message to the stage that should have answered it: one click for the likely stages, a menu for all. */
export function StageMove({ answer, disabled, onMove }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const stages = useQuery(stagesQuery());
  const others = stages.data?.filter((each) => each.stage_id !== answer.stage_id) ?? [];
  if (!others.length) return null;
  return (
    <>
      {likelyStages(answer.question, others).map((each) => (
        <Button
          key={each.stage_id}
          size="small"
          variant="outlined"
          disabled={disabled}
          onClick={() => onMove(each)}
          sx={{ overflowWrap: 'anywhere' }}
        >
          <span>{feedbackTexts.moveTo({ name: firstWords(each.stage_name) })}</span>
        </Button>
      ))}
      <Button
        size="small"
        variant="outlined"
        disabled={disabled}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        endIcon={<ExpandIcon />}
      >
        {feedbackTexts.move}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { 'aria-label': feedbackTexts.move } }}
      >
        {others.map((each) => (
          <MenuItem
            key={each.stage_id}
            sx={{ maxWidth: 360, whiteSpace: 'normal', overflowWrap: 'anywhere' }}
            onClick={() => {
              setAnchor(null);
              onMove(each);
            }}
          >
            <bdi>{each.stage_name}</bdi>
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
