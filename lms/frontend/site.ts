import { wireActivation } from "./site/activation";
import { wireEntries } from "./site/entries";
import { wireForms } from "./site/forms";
import { wireIdle } from "./site/idle";
import { wireMenus } from "./site/menus";
import { wirePasskeys } from "./site/passkeys";
import { wirePreferences } from "./site/preferences";
import { wireProgress } from "./site/progress";
import { wireTicks } from "./site/ticks";

wirePreferences();
wireMenus();
wireForms();
wireProgress();
wireEntries();
wireIdle();
wirePasskeys();
wireActivation();
wireTicks();
