#include "sandbox/controlplane.h"

#include <array>

namespace cloudnode::sandbox {

namespace {

struct Name {
    ControlPlane plane;
    const char16_t *text;
};

constexpr std::array names = {Name{ControlPlane::Rest, u"rest"}, Name{ControlPlane::Mqtt, u"mqtt"},
                              Name{ControlPlane::Both, u"both"}};

} // namespace

QString toString(ControlPlane plane)
{
    for (const Name &name : names) {
        if (name.plane == plane)
            return QString::fromUtf16(name.text);
    }
    Q_UNREACHABLE();
}

std::optional<ControlPlane> controlPlaneFromString(QStringView text)
{
    for (const Name &name : names) {
        if (text == QStringView(name.text))
            return name.plane;
    }
    return std::nullopt;
}

} // namespace cloudnode::sandbox
