import { wireEntries } from "./site/entries";
import { wireForms } from "./site/forms";
import { wireMenus } from "./site/menus";
import { wirePreferences } from "./site/preferences";
import { wireProgress } from "./site/progress";

wirePreferences();
wireMenus();
wireForms();
wireProgress();
wireEntries();
