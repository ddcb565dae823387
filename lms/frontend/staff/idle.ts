// The admin is Wagtail's, without our site script: an editor is warned before a long text is lost.
import { wireIdle } from "../site/idle";

wireIdle();
