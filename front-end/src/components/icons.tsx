/** The icons of the pages, drawn as strokes. */

import SvgIcon, { type SvgIconProps } from '@mui/material/SvgIcon';
import { direction } from '@/config/language';

/** `isDirected` icons point in the direction of the text, or back. They are mirrored if it is written from right to left. */
function stroke(path: string, { isDirected = false } = {}) {
  const transform = isDirected && direction === 'rtl' ? 'matrix(-1 0 0 1 24 0)' : undefined;
  return function Icon(props: SvgIconProps) {
    return (
      <SvgIcon {...props} fontSize={props.fontSize ?? 'small'}>
        <path
          d={path}
          transform={transform}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.8}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </SvgIcon>
    );
  };
}

export const MenuIcon = stroke('M4 7h16M4 12h16M4 17h16');
export const CloseIcon = stroke('M6 6l12 12M18 6L6 18');
export const InboxIcon = stroke('M4 13l3-8h10l3 8v6H4zM4 13h5l1 2.500h4l1-2.500h5');
export const ChatIcon = stroke('M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z', {
  isDirected: true,
});
export const ConversationsIcon = stroke('M3 5h11v8H8l-3 3v-3H3zM16 9h5v8h-2v3l-3-3h-5v-2', { isDirected: true });
export const VariablesIcon = stroke('M4 7h9l4 5-4 5H4l3-5zM20 12h-3', { isDirected: true });
export const UploadIcon = stroke('M12 16V4M7 9l5-5 5 5M5 20h14');
export const DataIcon = stroke('M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9');
export const InsightsIcon = stroke('M4 4v16h16M8.500 16v-4M13 16V8M17.500 16v-6');
export const OperatorIcon = stroke('M12 3.500l7 3v5c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9v-5z');
export const SettingsIcon = stroke(
  'M4 7h9M17 7h3M13 4.500v5M17 4.500v5M13 7h4M4 17h3M11 17h9M7 14.500v5M11 14.500v5M7 17h4',
);
export const GoodIcon = stroke(
  'M4 11h3v9H4zM7 11l4-7a2 2 0 0 1 2 2.500L12.300 10H18a2 2 0 0 1 2 2.400l-1.200 6A2 2 0 0 1 16.800 20H7',
);
export const BadIcon = stroke(
  'M4 13h3V4H4zM7 13l4 7a2 2 0 0 0 2-2.500L12.300 14H18a2 2 0 0 0 2-2.400l-1.200-6A2 2 0 0 0 16.800 4H7',
);
export const AddIcon = stroke('M12 5v14M5 12h14');
export const DragIcon = stroke('M9 6h.1M15 6h.1M9 12h.1M15 12h.1M9 18h.1M15 18h.1');
export const MoveUpIcon = stroke('M12 19V5M6 11l6-6 6 6');
export const MoveDownIcon = stroke('M12 5v14M6 13l6 6 6-6');
export const EditIcon = stroke('M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3');
export const DeleteIcon = stroke('M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5');
export const SendIcon = stroke('M4 12l16-8-6 16-3-7z', { isDirected: true });
export const BackIcon = stroke('M11 5l-7 7 7 7M4 12h16', { isDirected: true });
export const CopyIcon = stroke('M8 8h11v12H8zM5 16V4h11');
export const StopIcon = stroke('M7 7h10v10H7z');
export const AgainIcon = stroke('M19 12a7 7 0 1 1-2-5M19 4v4h-4');
export const ExpandIcon = stroke('M6 9l6 6 6-6');
export const UpIcon = stroke('M12 19V5M6 11l6-6 6 6');
export const DownIcon = stroke('M12 5v14M6 13l6 6 6-6');
export const WhyIcon = stroke(
  'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.5c-.7.3-1 .8-1 1.5M12 16.800v.2',
  { isDirected: true }, // the Arabic question mark is mirrored
);
export const LanguageIcon = stroke(
  'M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17',
);
export const ThemeIcon = stroke('M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16');
export const SignOutIcon = stroke('M10 4H5v16h5M15 8l4 4-4 4M19 12H9', { isDirected: true });
export const SearchIcon = stroke('M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.500 4.500');
export const ClockIcon = stroke('M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.500l3 2');
export const DoneIcon = stroke('M5 12.500l4.500 4.500L19 7');
export const PersonIcon = stroke(
  'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.500 20c.5-4 3.500-5.500 7.500-5.500s7 1.500 7.500 5.500',
);
export const AssistantIcon = stroke(
  'M6 9h12v9H6zM12 9V5M12 5h.1M9.500 13v1M14.500 13v1M3.500 12.500v2M20.500 12.500v2',
);
export const PauseIcon = stroke('M9 6v12M15 6v12');
export const MoreIcon = stroke(
  'M6 11.2a.8.8 0 1 1 0 1.600a.8.8 0 1 1 0-1.600zM12 11.200a.8.8 0 1 1 0 1.600a.8.8 0 1 1 0-1.600zM18 11.200a.8.8 0 1 1 0 1.600a.8.8 0 1 1 0-1.600z',
);
export const DetailsIcon = stroke('M4 5h16v14H4zM14.500 5v14', { isDirected: true });
export const BellIcon = stroke('M6 16V11a6 6 0 0 1 12 0v5l1.500 1.500h-15zM10 20.500h4');
export const NoteIcon = stroke('M5 4h14v10l-5 6H5zM14 20v-6h5', { isDirected: true });
export const CannedIcon = stroke('M13 3L5 13.500h6L10 21l9-11h-6.500z');
export const WarningIcon = stroke('M12 4.500l8.500 15h-17zM12 10v4.500M12 17v.1');
