#include "doctor/xtray.h"

#include <xcb/xcb.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace cloudnode {

namespace {

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};
struct Disconnect {
    void operator()(xcb_connection_t *connection) const { xcb_disconnect(connection); }
};

} // namespace

bool hasXTray()
{
    int screen = 0;
    const std::unique_ptr<xcb_connection_t, Disconnect> x(xcb_connect(nullptr, &screen));
    if (xcb_connection_has_error(x.get()) != 0)
        return false;
    const std::string name = "_NET_SYSTEM_TRAY_S" + std::to_string(screen);
    const auto asked = xcb_intern_atom(x.get(), 1, static_cast<uint16_t>(name.size()), name.c_str());
    const std::unique_ptr<xcb_intern_atom_reply_t, Free> atom(xcb_intern_atom_reply(x.get(), asked, nullptr));
    if (!atom || atom->atom == XCB_ATOM_NONE)
        return false;
    const std::unique_ptr<xcb_get_selection_owner_reply_t, Free> owner(
        xcb_get_selection_owner_reply(x.get(), xcb_get_selection_owner(x.get(), atom->atom), nullptr));
    return owner && owner->owner != XCB_WINDOW_NONE;
}

} // namespace cloudnode
