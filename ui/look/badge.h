#pragma once

#include "ui/look/semanticcolors.h"

#include <QWidget>

#include <optional>

namespace cloudnode {

/// A word in a coloured capsule, with a glyph before it where there is one: "TLS" with a lock.
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(QWidget *parent = nullptr);

    /// `tone` none: a neutral fact.
    void setWord(const QString &word, std::optional<Tone> tone, const QString &glyph = {});

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int glyphRoom() const;
    QColor fill() const;
    QColor ink() const;

    QString m_word;
    QString m_glyph;
    std::optional<Tone> m_tone;
};

} // namespace cloudnode
