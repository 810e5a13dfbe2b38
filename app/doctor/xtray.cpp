#include "doctor/xtray.h"

#include <QLibrary>

#include <xcb/xcb.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace cloudnode {

namespace {

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};

/// The few calls of libxcb that are needed, looked up when they are: a server has no X library, and a node
/// does not carry one for the sake of one line of its doctor.
struct Xcb {
    QLibrary library{QStringLiteral("xcb"), 1};
    decltype(&xcb_connect) connect = resolve<decltype(&xcb_connect)>("xcb_connect");
    decltype(&xcb_disconnect) disconnect = resolve<decltype(&xcb_disconnect)>("xcb_disconnect");
    decltype(&xcb_connection_has_error) hasError =
        resolve<decltype(&xcb_connection_has_error)>("xcb_connection_has_error");
    decltype(&xcb_intern_atom) internAtom = resolve<decltype(&xcb_intern_atom)>("xcb_intern_atom");
    decltype(&xcb_intern_atom_reply) internAtomReply =
        resolve<decltype(&xcb_intern_atom_reply)>("xcb_intern_atom_reply");
    decltype(&xcb_get_selection_owner) selectionOwner =
        resolve<decltype(&xcb_get_selection_owner)>("xcb_get_selection_owner");
    decltype(&xcb_get_selection_owner_reply) selectionOwnerReply =
        resolve<decltype(&xcb_get_selection_owner_reply)>("xcb_get_selection_owner_reply");

    bool isComplete() const
    {
        return connect && disconnect && hasError && internAtom && internAtomReply && selectionOwner &&
               selectionOwnerReply;
    }

private:
    template <typename Function>
    Function resolve(const char *name)
    {
        return reinterpret_cast<Function>(library.resolve(name));
    }
};

bool trayOwned(const Xcb &xcb, xcb_connection_t *connection, int screen)
{
    const std::string name = "_NET_SYSTEM_TRAY_S" + std::to_string(screen);
    const auto asked = xcb.internAtom(connection, 1, static_cast<uint16_t>(name.size()), name.c_str());
    const std::unique_ptr<xcb_intern_atom_reply_t, Free> atom(
        xcb.internAtomReply(connection, asked, nullptr));
    if (!atom || atom->atom == XCB_ATOM_NONE)
        return false;
    const std::unique_ptr<xcb_get_selection_owner_reply_t, Free> owner(
        xcb.selectionOwnerReply(connection, xcb.selectionOwner(connection, atom->atom), nullptr));
    return owner && owner->owner != XCB_WINDOW_NONE;
}

} // namespace

bool hasXTray()
{
    const Xcb xcb;
    if (!xcb.isComplete())
        return false;
    int screen = 0;
    xcb_connection_t *connection = xcb.connect(nullptr, &screen);
    const bool owned = xcb.hasError(connection) == 0 && trayOwned(xcb, connection, screen);
    xcb.disconnect(connection);
    return owned;
}

} // namespace cloudnode
