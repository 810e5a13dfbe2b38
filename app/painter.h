#pragma once

#include <QString>

namespace cloudnode {

enum class Tone { Plain, Strong, Faint, Good, Warning, Bad };

/// Gives text its colour, where there is somebody to see it.
class Painter {
public:
    explicit Painter(bool colours) : m_colours(colours) {}

    /// With colours if standard output is a terminal that knows them, and NO_COLOR is not set.
    static Painter forStandardOutput();

    QString paint(const QString &text, Tone tone) const;

private:
    bool m_colours;
};

} // namespace cloudnode
